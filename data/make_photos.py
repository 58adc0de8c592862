#!/usr/bin/env python3
"""Makes data/photographs, most of data/paintings and their part of data/CREDITS.md from GCompris.

    apt-get download gcompris-qt-data=3.1-2     # Debian 12; nothing of it is installed or run
    python make_photos.py gcompris-qt-data_3.1-2_all.deb

Written with Python 3.11, Pillow 13.0.0 (libjpeg-turbo, libwebp) and NumPy 2.4.6; with the same
versions the same package gives the same files, byte for byte. What is taken, and under which name
and category, stands in make_photos.tsv.

Credits come from the README files that lie in the package's archives beside the pictures. The
package's debian/copyright file describes older pictures of the same names: there "fish1" is a
stingray by another author, in the archive it is the angelfish of the README.
"""

import hashlib
import io
import itertools
import lzma
import re
import shutil
import struct
import sys
import tarfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

SHA256 = "e9cf06ab2105529068df73085784e835d2ff03f870d2a8091f09125d40abac9f"
DATA = Path(__file__).resolve().parent
ROOT = "gcompris/src/activities/"
LONGER_SIDE = 384
QUALITY = {"photograph": 90, "painting": 93}
LICENCES = {
    "Public Domain": "public domain",
    "Public domain": "public domain",
    "CC0-1.0": "CC0-1.0",
    "CC-BY 2.0": "CC-BY-2.0",
    "CC-BY-2.0": "CC-BY-2.0",
    "CC-BY-3.0": "CC-BY-3.0",
    "CC-BY 4.0": "CC-BY-4.0",
    "CC-BY-SA 4.0": "CC-BY-SA-4.0",
    "CC-BY-SA-4.0": "CC-BY-SA-4.0",
    "GPLv3 or later": "GPL-3.0-or-later",
}
MISSPELT = {"screDriver": "screwDriver", "germany/audaPalatina": "germany/aulaPalatina"}
# name: title, painter and years, activity, board or picture
PAINTINGS = {
    "great_wave": ("The Great Wave off Kanagawa, about 1831", "Katsushika Hokusai (1760-1849)", 7),
    "horse_mackerel": (
        "Horse-mackerel and Prawn, about 1840", "Utagawa Hiroshige (1797-1858)", 9),
    "harvesters": ("The Harvesters, 1565", "Pieter Bruegel the Elder (about 1525-1569)", 17),
    "moulin_de_la_galette": (
        "Bal du moulin de la Galette, 1876", "Pierre-Auguste Renoir (1841-1919)", 1),
    "summertime": ("Summertime, 1894", "Mary Cassatt (1844-1926)", 21),
    "composition_8": ("Composition VIII, 1923", "Wassily Kandinsky (1866-1944)", 19),
    "cafe_terrace": ("Café Terrace at Night, 1888", "Vincent van Gogh (1853-1890)", "Gogh4"),
    "night_cafe": (
        "The Night Café, 1888", "Vincent van Gogh (1853-1890)", "Van_Gogh_The_Night_Cafe"),
}


def unpack(package):
    """The archives of resources in a Debian package (`ar` around `tar.xz`), by name."""
    if hashlib.sha256(package).hexdigest() != SHA256:
        sys.exit(f"expected gcompris-qt-data 3.1-2 with sha256 {SHA256}, got another file")
    at = 8
    while not package[at:].startswith(b"data.tar.xz"):
        length = int(package[at + 48 : at + 58])
        at += 60 + length + length % 2
    data = package[at + 60 : at + 60 + int(package[at + 48 : at + 58])]
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(data))) as tar:
        found = [member for member in tar if member.name.endswith(".rcc")]
        return {Path(member.name).stem: tar.extractfile(member).read() for member in found}


def resources(blob):
    """The files in a Qt resource archive, by path: a tree of nodes, a table of names, the data."""
    magic, version, tree, data, names = struct.unpack_from(">4s4I", blob)
    if magic != b"qres":
        sys.exit("expected a Qt resource file, which begins with qres")
    node_size = 22 if version >= 2 else 14

    def name(at):
        (length,) = struct.unpack_from(">H", blob, names + at)
        return blob[names + at + 6 : names + at + 6 + 2 * length].decode("utf-16-be")

    def walk(node, path):
        at = tree + node * node_size
        name_at, flags = struct.unpack_from(">IH", blob, at)
        path = path + [name(name_at)] if node else path
        if flags & 2:  # a folder
            count, first = struct.unpack_from(">II", blob, at + 6)
            for child in range(first, first + count):
                yield from walk(child, path)
        else:
            (data_at,) = struct.unpack_from(">I", blob, at + 10)
            yield "/".join(path), content(blob, data + data_at, flags)

    return dict(walk(0, []))


def content(blob, at, flags):
    (length,) = struct.unpack_from(">I", blob, at)
    raw = blob[at + 4 : at + 4 + length]
    if flags & 4:
        sys.exit("an entry is compressed with zstd, which this script does not read")
    return zlib.decompress(raw[4:]) if flags & 1 else raw


def credits_beside(files):
    """For each picture that a README names: its fields (Copyright, License, Source, Comment)."""
    found = {}
    for path, raw in files.items():
        if path.endswith("/README"):
            folder = path[: -len("README")]
            for block in re.split(r"\n\s*\n", raw.decode()):
                fields, pictures = read_block(block)
                found.update({folder + picture: fields for picture in pictures})
    return found


def read_block(block):
    fields, pictures = {}, []
    for line in block.splitlines():
        key, _, value = line.partition(": ")
        last = line.removeprefix("Files:").strip()
        if last.endswith(".webp"):
            stem = last.removesuffix(".webp")
            pictures.append(MISSPELT.get(stem, stem))
        elif re.fullmatch(r"Copyright|License|Source|Comments?", key):
            fields[key.removesuffix("s")] = value.strip()
    return fields, pictures


def credit(fields):
    """Author, licence, source and what GCompris changed, as cells of a table."""
    comment = fields.get("Comment", "")
    base = re.match(r"based on an? .+ by (.+), license (.+), source at (\S+)", comment)
    licence = LICENCES[fields["License"]]
    if base:
        author, original, source = base.groups()
        author = f"{author}; adapted by Bruno Coudoin and others"
        return author, f"{licence} (original {original.replace(' ', '-')})", f"<{source}>", ""
    return fields["Copyright"].removeprefix("© "), licence, f"<{fields['Source']}>", comment


def opened(raw):
    """The picture in sRGB: readers of files, ours too, leave colour profiles aside."""
    picture = Image.open(io.BytesIO(raw))
    profile = picture.info.get("icc_profile")
    if picture.mode != "RGB":
        sys.exit(f"expected a picture in RGB, got {picture.mode}")
    if profile:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        picture = ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"))
        picture.info.pop("icc_profile", None)
    return picture


def save(picture, path, kind):
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, quality=QUALITY[kind], optimize=True, subsampling=0)


def photograph(raw, path):
    picture = opened(raw)
    before = "{}x{}".format(*picture.size)
    scale = LONGER_SIDE / max(picture.size)
    if scale < 1:
        size = [round(side * scale) for side in picture.size]
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    save(picture, path, "photograph")
    after = "{}x{}".format(*picture.size)
    return before if before == after else f"{before} to {after}"


def make_photographs(archives):
    for old in (DATA / "photographs").glob("*/"):
        shutil.rmtree(old)
    rows = []
    for line in (DATA / "make_photos.tsv").read_text().splitlines():
        if not line.startswith("#"):
            category, name, original = line.split("\t")
            files = archives[original.split("/")[0]]
            path = f"photographs/{category}/{name}.jpg"
            author, licence, source, change = credit(credits_beside(files)[ROOT + original])
            size = photograph(files[f"{ROOT}{original}.webp"], DATA / path)
            change = f"{change} (GCompris); {size}" if change else size
            rows.append(f"| `{path}` | {author} | {licence} | {source} | {change} |")
    return sorted(rows)


def pieces(board, files):
    """The pieces of a jigsaw: pixels, and the middle as a fraction of the board."""
    piece = r'"pixmapfile" : "image/([^"]+)",\s*"x" : "([^"]+)",\s*"y" : "([^"]+)"'
    found = re.findall(piece, board)
    folder = ROOT + "paintings/resource/image/"
    load = lambda name: Image.open(io.BytesIO(files[folder + name])).convert("RGBA")
    return [(np.asarray(load(name), float), float(x), float(y)) for name, x, y in found]


class Jigsaw:
    """Puts pieces side by side so that their alpha channels add up to 1 everywhere."""

    def __init__(self, parts):
        self.parts = parts
        width, height = 700, 520
        for step in (10, 3, 1):
            widths = range(width - 8 * step, width + 8 * step + 1, step)
            width = min(widths, key=lambda w: self.misfit(self.places(w, height)))
            heights = range(height - 4 * step, height + 4 * step + 1, step)
            height = min(heights, key=lambda h: self.misfit(self.places(width, h)))
        self.at = self.places(width, height)
        while self.improve():
            pass

    def places(self, width, height):
        """Top and left of each piece on a board of this size, with a margin of 90 pixels."""
        top = lambda p: round(p[2] * height - p[0].shape[0] / 2) + 90
        left = lambda p: round(p[1] * width - p[0].shape[1] / 2) + 90
        return [(top(p), left(p)) for p in self.parts]

    def box(self, at):
        ends = [(y + p[0].shape[0], x + p[0].shape[1]) for (y, x), p in zip(at, self.parts)]
        return [slice(min(s), max(e)) for s, e in zip(zip(*at), zip(*ends))]

    def cover(self, at, values):
        total = np.zeros((760, 960, values[0].shape[2]))
        for (y, x), piece in zip(at, values):
            total[y : y + piece.shape[0], x : x + piece.shape[1]] += piece
        return total[tuple(self.box(at))]

    def misfit(self, at):
        alpha = [piece[..., 3:] / 255 for piece, _, _ in self.parts]
        return np.abs(self.cover(at, alpha) - 1).sum()

    def improve(self):
        """Tries each piece, each column and row and all behind it one pixel further or nearer."""
        groups = [[k] for k in range(len(self.at))]
        for axis in (0, 1):
            order = sorted(range(len(self.at)), key=lambda k: self.at[k][axis])
            groups += [order[k:] for k in range(1, len(order))]
        best = self.misfit(self.at)
        before = best
        for group, shift in itertools.product(groups, ((0, 1), (0, -1), (1, 0), (-1, 0))):
            at = [(y + shift[0] * (k in group), x + shift[1] * (k in group))
                  for k, (y, x) in enumerate(self.at)]
            if self.misfit(at) < best - 1e-6:
                best, self.at = self.misfit(at), at
        return best < before - 1e-6

    def picture(self):
        alpha = [piece[..., 3:] / 255 for piece, _, _ in self.parts]
        colour = [piece[..., :3] * a for (piece, _, _), a in zip(self.parts, alpha)]
        total, cover = self.cover(self.at, colour), self.cover(self.at, alpha)
        inside = (slice(2, -2), slice(2, -2))
        pixels = filled(total[inside], cover[inside])
        return Image.fromarray(pixels.clip(0, 255).round().astype("uint8")), cover[inside]


def filled(total, cover):
    """Colours over cover; where less than half is covered, the mean of the nearest that are."""
    known = cover >= 0.5
    total, cover = total * known, cover * known
    while (cover == 0).any():
        around = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
        spread = [sum(np.roll(v, move, (0, 1)) for move in around) for v in (total, cover)]
        empty = cover == 0
        total, cover = (np.where(empty, new, old) for new, old in zip(spread, (total, cover)))
    return total / cover


def make_paintings(archives):
    rows = []
    for name, (title, painter, source) in PAINTINGS.items():
        if isinstance(source, int):
            path, picture, change = jigsaw_painting(archives["paintings"], source)
            activity = "paintings"
        else:
            path = f"{ROOT}details/resource/image/{source}_background"
            picture = opened(archives["details"][path + ".webp"])
            activity, change = "details", "WebP to JPEG"
        fields = credits_beside(archives[activity])[path]
        save(picture, DATA / "paintings" / f"{name}.jpg", "painting")
        licence = LICENCES[fields["License"]]
        rights = "public domain" if licence == "public domain" else (
            f"painting: public domain; reproduction: {licence}")
        webmuseum = "WebMuseum, Paris <http://www.ibiblio.org/wm/>, by "
        origin = webmuseum if activity == "paintings" else ""
        size = "{}x{}".format(*picture.size)
        rows.append(f"| `paintings/{name}.jpg` | {title} | {painter} | {rights} "
                    f"| {origin}GCompris, activity `{activity}` | {change}; {size} |")
    return rows


def jigsaw_painting(files, number):
    board = files[f"{ROOT}paintings/resource/board/board{number}_0.qml"].decode()
    jigsaw = Jigsaw(pieces(board, files))
    picture, cover = jigsaw.picture()
    print(f"board {number}: {picture.size}, {int((cover < 0.5).sum())} pixels filled")
    first = re.search(r'"image/([^"]+)\.webp"', board)[1]
    return f"{ROOT}paintings/resource/image/{first}", picture, "put together from its jigsaw pieces"


def write_credits(photographs, paintings):
    path = DATA / "CREDITS.md"
    tables = {
        "photographs": ["| file | author | licence | source | changes |", "|---|---|---|---|---|"]
        + photographs,
        "paintings": ["| file | title | painter | licence | source | changes |",
                      "|---|---|---|---|---|---|"] + paintings,
    }
    text = path.read_text()
    for name, rows in tables.items():
        begin, end = f"<!-- {name}: made by make_photos.py -->", f"<!-- end of {name} -->"
        before, rest = text.split(begin)
        text = before + "\n".join([begin, *rows, end]) + rest.split(end)[1]
    path.write_text(text)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_photos.py gcompris-qt-data_3.1-2_all.deb")
    packed = unpack(Path(sys.argv[1]).read_bytes())
    archives = {name: resources(blob) for name, blob in packed.items()}
    write_credits(make_photographs(archives), make_paintings(archives))


if __name__ == "__main__":
    main()
