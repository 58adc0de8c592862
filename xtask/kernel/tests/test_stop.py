"""The Stop button, once and twice; the real kernel runs."""

import unittest

from support import WithKernel, shown

SLEEP = "std::thread::sleep(std::time::Duration::from_millis(20));"
SLOW = "let mut {name} = 0; for i in progress(\"{name}\", 1..1000) {{ {name} = i; " + SLEEP + " }}"

PICTURE = """
let pixels = net::Net::new("pixels");
let grey = Tensor::full([1, 3, 30, 40], 0.5, (Kind::Float, Device::Cpu));
let one = Objective::neuron("input", 0, [0, 1]);
"""


class Stop(WithKernel):
    def test_once_ends_the_loop_and_keeps_the_variables(self):
        request = self.kernel.send(SLOW.format(name="far") + ' println!("after");')
        self.kernel.until(lambda m: shown(m).startswith("far: "))
        waiting = self.kernel.send("far = -1;")
        self.kernel.stop()
        reply, messages = self.kernel.finish(request)
        self.assertEqual(reply["status"], "ok")
        self.assertIn("stopped at", [shown(m) for m in messages if shown(m)][-1])
        self.assertIn("after\n", [m["content"].get("text") for m in messages])
        self.assertEqual(self.kernel.finish(waiting)[0]["status"], "aborted")
        far = int(self.kernel.run("far")[0].data["text/plain"])
        self.assertTrue(0 < far < 999, far)
        self.assertEqual(self.kernel.run('progress("next", 0..5).count()')[0].data["text/plain"], "5")

    def test_twice_ends_the_process(self):
        self.kernel.run("let gone = 1; fn twice(x: i64) -> i64 { 2 * x }")
        request = self.kernel.send('println!("here"); loop {}')
        self.kernel.until(lambda m: m["content"].get("text") == "here\n")
        self.kernel.stop()
        self.kernel.until(lambda m: "Stop once more" in m["content"].get("text", ""))
        self.kernel.stop()
        reply, _ = self.kernel.finish(request)
        self.assertEqual((reply["status"], reply["ename"]), ("error", "stopped"))
        self.assertEqual(self.kernel.run("twice(21)")[0].data["text/plain"], "42")

    def test_between_cells_changes_nothing(self):
        self.kernel.run("let still = 3;")
        self.kernel.stop()
        self.kernel.stop()
        self.assertEqual(self.kernel.run("still")[0].data["text/plain"], "3")

    def test_a_climb_keeps_the_image_so_far(self):
        climb = (
            "let grey = Tensor::full([1, 3, 300, 400], 0.5, (Kind::Float, Device::Cpu)); "
            'let up = Climb { steps: 100_000, ..Climb::default() }'
            '.run(&net::Net::new("pixels"), &grey, &Objective::neuron("input", 0, [0, 1]))?;'
        )
        request = self.kernel.send(climb)
        self.kernel.until(lambda m: shown(m).startswith("climbing: "))
        self.kernel.stop()
        self.assertEqual(self.kernel.finish(request)[0]["status"], "ok")
        steps = int(self.kernel.run("up.scores.len()")[0].data["text/plain"])
        self.assertTrue(1 < steps < 100_000, steps)

    def test_tsne_keeps_the_points_so_far(self):
        embed = (
            "let rows = Tensor::arange(600, (Kind::Float, Device::Cpu)).sin().view([200, 3]); "
            "let map = Tsne { perplexity: 9.0, iterations: 1_000_000, ..Tsne::default() }.run(&rows)?;"
        )
        request = self.kernel.send(embed)
        self.kernel.until(lambda m: shown(m).startswith("t-SNE: "))
        self.kernel.stop()
        self.assertEqual(self.kernel.finish(request)[0]["status"], "ok")
        done = int(self.kernel.run("map.curve.last().map_or(0, |last| last.0)")[0].data["text/plain"])
        self.assertTrue(1 < done < 1_000_000, done)

    def test_smoothgrad_keeps_the_copies_so_far(self):
        self.kernel.run(PICTURE)
        smooth = "let mean = SmoothGrad { samples: 100_000, ..SmoothGrad::default() }.run(&pixels, &grey, &one)?;"
        request = self.kernel.send(smooth)
        self.kernel.until(lambda m: shown(m).startswith("noisy copies: "))
        self.kernel.stop()
        self.assertEqual(self.kernel.finish(request)[0]["status"], "ok")
        copies = int(self.kernel.run("mean.samples")[0].data["text/plain"])
        self.assertTrue(0 < copies < 100_000, copies)
        self.assertEqual(self.kernel.run("mean.gradient.double_value(&[0, 0, 0, 1])")[0].data["text/plain"], "1.0")

    def test_a_part_of_an_integral_is_an_error(self):
        self.kernel.run(PICTURE)
        way = "let way = IntegratedGradients { steps: 2000, ..IntegratedGradients::default() };"
        self.kernel.run(way + " let large = grey.repeat([1, 1, 20, 20]);")
        request = self.kernel.send("way.run(&pixels, &large, &one)?;")
        self.kernel.until(lambda m: shown(m).startswith("integrating: "))
        self.kernel.stop()
        reply, _ = self.kernel.finish(request)
        self.assertEqual(reply["status"], "error")
        self.assertIn("IntegratedGradients: expected 2000 passes", reply["evalue"])


if __name__ == "__main__":
    unittest.main()
