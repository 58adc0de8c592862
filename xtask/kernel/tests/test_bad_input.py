"""What a reader sees who asks for the impossible: one line, and the kernel and its variables live on."""

import sys
import tempfile
import unittest
from pathlib import Path

KERNEL = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(KERNEL))
from session import Session, problem  # noqa: E402

# This Python is in the `venv` of the cache folder.
WEIGHTS = Path(sys.prefix).parent / "weights"

# A GIF that claims 0 by 0 pixels.
EMPTY_GIF = b"GIF89a" + bytes(7) + b"\x3b"

CELLS = {
    'Model::Vgg16Features.load_from("{folder}/missing.safetensors")?;': "missing.safetensors",
    'Model::EfficientNetLite0.load_from("{folder}/truncated.pth")?;': "truncated.pth",
    'load("{folder}/text.jpg")?;': "text.jpg",
    'load("{folder}/empty.gif")?;': "empty.gif",
    'load("{folder}/nowhere.png")?;': "nowhere.png",
    'net.tap(&photo, "fc7")?;': "`fc7`",
    "Objective::class(1000).score(&net, &photo)?;": "expected 0..1000, got 1000",
    "net.top(&photo.narrow(2, 0, 0), 5)?;": "224",
    "show::image(&photo)?; net.logits(&photo.narrow(1, 0, 1))?;": "3 channels",
}


class BadInput(unittest.TestCase):
    def test_every_mistake_is_one_line_and_costs_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            whole = (WEIGHTS / "efficientnet-lite0-57934424.pth").read_bytes()
            Path(folder, "truncated.pth").write_bytes(whole[:100_000])
            Path(folder, "text.jpg").write_text("This is no picture.\n")
            Path(folder, "empty.gif").write_bytes(EMPTY_GIF)
            with Session(KERNEL, Path(folder, "log")) as session:
                self.answer(session, "let net = zoo::efficientnet_lite0()?;")
                grey = "let photo = Tensor::ones([1, 3, 224, 224], (Kind::Float, Device::Cpu)) / 2;"
                self.answer(session, grey)
                for cell, words in CELLS.items():
                    with self.subTest(cell):
                        self.says(session.run(cell.replace("{folder}", folder)), words)
                name = self.answer(session, "net.name()")[0]["data"]["text/plain"]
                self.assertIn("EfficientNet-Lite0", name)
                self.answer(session, "assert_eq!(photo.size(), [1, 3, 224, 224]);")

    def answer(self, session, cell):
        outputs = session.run(cell)
        self.assertIsNone(problem(outputs))
        return outputs

    def says(self, outputs, words):
        self.assertEqual(len(outputs), 1, outputs)
        said = problem(outputs)
        self.assertIsNotNone(said, outputs)
        self.assertIn(words, said)
        self.assertNotIn("\n", said)
        self.assertLess(len(said), 5000)


if __name__ == "__main__":
    unittest.main()
