"""How much one cell may put into the notebook, so that a flood costs neither memory nor the browser.

Nobody reads a megabyte of text in a cell; the course's largest figure is below half a megabyte.
"""

import json

MOST_TEXT = 1_000_000  # characters that a cell prints
LARGEST = 10_000_000  # characters of one figure, as it travels
MOST_SHOWN = 50_000_000  # and of all figures of a cell
TEXT_CUT = (
    f"ConvLens: a cell's output ends after {MOST_TEXT:,} characters, and the rest is not shown; "
    "print less, or write it to a file.\n"
)


class Budget:
    """What is left to one cell."""

    def __init__(self):
        self.text, self.shown, self.told = MOST_TEXT, MOST_SHOWN, False

    def take_text(self, text):
        """As much of `text` as fits, and at the cut, once, that there was more."""
        kept = text[: self.text]
        self.text -= len(kept)
        if len(kept) == len(text) or self.told:
            return kept
        self.told = True
        return kept + ("" if kept.endswith("\n") else "\n") + TEXT_CUT

    def take_data(self, data, replaces=False):
        """The `data` of a figure, or one sentence in its place. One that `replaces` another is free."""
        size = sum(len(v if isinstance(v, str) else json.dumps(v)) for v in data.values())
        if size > LARGEST:
            return {"text/plain": too_large("a figure", size, LARGEST)}
        if size > self.shown and not replaces:
            return {"text/plain": too_large("one more figure", size, MOST_SHOWN, " in one cell")}
        self.shown -= 0 if replaces else size
        return data


def too_large(what, size, most, where=""):
    return (
        f"ConvLens: {what} of {size / 1e6:.1f} MB is not shown (at most {most / 1e6:.0f} MB{where}); "
        "make it smaller, or save it to a file."
    )
