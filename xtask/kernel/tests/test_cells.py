"""Errors, progress and figures, as a Jupyter client sees them; the real kernel runs."""

import unittest

from support import LIMIT, WithKernel, shown

SLEEP = "std::thread::sleep(std::time::Duration::from_millis(20));"


class Errors(WithKernel):
    def fails(self, cell):
        """The one error of a cell that fails: in its output and in the reply."""
        reply, messages = self.kernel.finish(self.kernel.send(cell))
        errors = [m["content"] for m in messages if m["msg_type"] == "error"]
        self.assertEqual(len(errors), 1, messages)
        self.assertEqual([m for m in messages if m["content"].get("name") == "stderr"], [])
        self.assertEqual(reply["status"], "error")
        self.assertEqual({k: reply[k] for k in errors[0]}, errors[0])
        return errors[0]

    def test_a_panic(self):
        error = self.fails("let v = vec![1]; v[3]")
        self.assertEqual(error["ename"], "panic")
        self.assertEqual(error["evalue"], "index out of bounds: the len is 1 but the index is 3")
        self.assertEqual(len(error["traceback"]), 1)

    def test_a_panic_of_libtorch_is_one_line_without_its_frames(self):
        error = self.fails("let a = Tensor::zeros([2, 3], (Kind::Float, Device::Cpu)); a.matmul(&a)")
        self.assertEqual(
            error["evalue"], "libtorch: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)"
        )

    def test_a_failing_question_mark(self):
        self.kernel.run("let kept = 5;")
        error = self.fails('Err::<(), _>(std::io::Error::other("no\\nsuch thing"))?;')
        self.assertEqual((error["ename"], error["evalue"]), ("error", "no such thing"))
        error = self.fails("let a = Tensor::zeros([2, 3], (Kind::Float, Device::Cpu)); a.f_matmul(&a)?;")
        self.assertTrue(error["evalue"].endswith("(2x3 and 2x3)"), error)
        self.assertEqual(self.kernel.run("kept")[0].data["text/plain"], "5")

    def test_what_does_not_compile(self):
        error = self.fails('let x: i64 = "a";')
        self.assertIn("mismatched types", error["evalue"])

    def test_the_end_of_the_process(self):
        self.kernel.run("let lost = 1; fn kept() -> i64 { 7 }")
        error = self.fails("std::process::exit(3);")
        self.assertIn("ended (exit status: 3): all variables are lost", error["evalue"])
        self.assertEqual(self.kernel.run("kept()")[0].data["text/plain"], "7")
        self.assertEqual(self.fails('panic!("again");')["evalue"], "again")
        self.assertIn("cannot find value `lost`", self.fails("lost")["evalue"])

    def test_stderr_and_a_caught_panic_are_no_errors(self):
        cell = 'eprintln!("a {}", 1); eprintln!("b"); println!("c");'
        reply, messages = self.kernel.finish(self.kernel.send(cell))
        streams = [m["content"] for m in messages if m["msg_type"] == "stream"]
        lines = [(c["name"], line) for c in streams for line in c["text"].splitlines()]
        self.assertEqual(lines, [("stderr", "a 1"), ("stderr", "b"), ("stdout", "c")])
        self.assertEqual(reply["status"], "ok")
        caught = 'assert!(std::panic::catch_unwind(|| panic!("caught")).is_err());'
        reply, messages = self.kernel.finish(self.kernel.send(caught))
        self.assertEqual(reply["status"], "ok")
        self.assertIn("caught\n", [m["content"].get("text") for m in messages])

    def test_an_error_ends_the_cells_that_wait(self):
        cells = ["let before = 1;", 'panic!("no")', "let after = 2;", "after"]
        requests = [self.kernel.send(cell) for cell in cells]
        replies = [self.kernel.finish(request)[0]["status"] for request in requests]
        self.assertEqual(replies, ["ok", "error", "aborted", "aborted"])
        self.assertEqual(self.kernel.run("before")[0].data["text/plain"], "1")


class Outputs(WithKernel):
    def test_a_bar_is_one_output_that_moves(self):
        cell = f'for _ in progress("steps", 0..40) {{ {SLEEP} }}'
        _, messages = self.kernel.finish(self.kernel.send(cell))
        first, *later = [m for m in messages if "display" in m["msg_type"]]
        self.assertEqual(first["msg_type"], "display_data")
        self.assertEqual({m["msg_type"] for m in later}, {"update_display_data"})
        self.assertEqual({display(m) for m in later}, {display(first)})
        done = [int(shown(m).split("steps: ")[1].split("/40")[0]) for m in [first, *later]]
        self.assertEqual(done, sorted(done))
        self.assertGreater(len(set(done)), 3)
        self.assertEqual(done[-1], 40)
        self.assertIn('<progress value="40" max="40"', later[-1]["content"]["data"]["text/html"])

    def test_nested_loops_are_lines_of_one_output(self):
        cell = (
            'for _ in progress("outer", 0..2) { '
            f'for _ in progress("inner", std::iter::repeat_n(0, 25).filter(|_| true)) {{ {SLEEP} }} }}'
        )
        (output,) = self.kernel.run(cell)
        self.assertTrue(output.data["text/plain"].startswith("outer: 2/2 (100%)"), output)
        _, messages = self.kernel.finish(self.kernel.send(cell))
        both = [shown(m).splitlines() for m in messages if "inner" in shown(m)]
        nested = [lines for lines in both if len(lines) == 2]
        self.assertTrue(nested and all(lines[0].startswith("outer: 1/2") for lines in nested), both)
        self.assertTrue(all(lines[-1].startswith("inner: ") for lines in both), both)

    def test_short_loops_show_nothing(self):
        self.assertEqual(self.kernel.run('for _ in progress("quick", 0..9) {}'), [])

    def test_two_figures_and_a_picture_that_changes(self):
        self.kernel.run("let picture = Tensor::full([1, 3, 40, 60], 0.5, (Kind::Float, Device::Cpu));")
        outputs = self.kernel.run(
            'show::image(&picture)?.show(); println!("between"); show::image(&picture)?.show();'
        )
        kinds = [o.output_type for o in outputs]
        self.assertEqual(kinds, ["display_data", "stream", "display_data"])
        self.assertIn("image/png", outputs[0].data)
        cell = (
            "let mut live = Live::new(); for i in 0..3 { "
            "live.show(&show::image(&(&picture * (i as f64 / 2.0)))?); }"
        )
        _, messages = self.kernel.finish(self.kernel.send(cell))
        kinds = [m["msg_type"] for m in messages if "display" in m["msg_type"]]
        self.assertEqual(kinds, ["display_data", "update_display_data", "update_display_data"])

    def test_a_cell_may_ask_the_reader(self):
        ask = 'println!("EVCXR_INPUT_REQUEST:name?"); let mut name = String::new();'
        cell = ask + ' std::io::stdin().read_line(&mut name)?; println!("hello {}", name.trim());'
        request = self.kernel.client.execute(cell, allow_stdin=True)
        asked = self.kernel.client.get_stdin_msg(timeout=LIMIT)
        self.assertEqual(asked["content"]["prompt"], "name?")
        self.kernel.client.input("Ada")
        _, messages = self.kernel.finish(request)
        self.assertIn("hello Ada\n", [m["content"].get("text") for m in messages])

    def test_tensors_and_nothing(self):
        (tensor,) = self.kernel.run("Tensor::from_slice(&[1f32, 3.0])")
        self.assertIn("Tensor [2], Float, Cpu: 1 to 3, mean 2", tensor.data["text/plain"])
        self.assertEqual(self.kernel.run("for _ in 0..2 {}"), [])


def display(message):
    return message["content"]["transient"]["display_id"]


if __name__ == "__main__":
    unittest.main()
