"""Ways in which a bundle on disk goes wrong, each with the names one of which the message must hold."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

from tollgate.bundle.files import FILES, MANIFEST, manifest_of

ALL = (*FILES, MANIFEST)
STRANGERS = ("model.onnx.data", "notes.txt", ".hidden", "contract.json~", "model.pkl", "Model.onnx", "more")
Names = tuple[str, ...]
Spoil = Callable[[Path, Path, Random], Names]


def flip_a_bit(folder: Path, other: Path, random: Random) -> Names:
    name = random.choice(ALL)
    content = bytearray((folder / name).read_bytes())
    content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    (folder / name).write_bytes(content)
    return (name,)


def cut_short(folder: Path, other: Path, random: Random) -> Names:
    name = random.choice(ALL)
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: random.randrange(len(content))])
    return (name,)


def put_one_more(folder: Path, other: Path, random: Random) -> Names:
    name = random.choice(STRANGERS)
    if random.random() < 0.2:
        (folder / name).mkdir()
    else:
        (folder / name).write_bytes(random.choice([b"", (folder / random.choice(ALL)).read_bytes()]))
    return (name,)


def take_one_away(folder: Path, other: Path, random: Random) -> Names:
    name = random.choice(ALL)
    (folder / name).unlink()
    return (name,)


def swap_two(folder: Path, other: Path, random: Random) -> Names:
    one, two = random.sample(ALL, 2)
    content = (folder / one).read_bytes()
    (folder / one).write_bytes((folder / two).read_bytes())
    (folder / two).write_bytes(content)
    return one, two


def take_one_from_another(folder: Path, other: Path, random: Random) -> Names:
    differing = [name for name in ALL if (folder / name).read_bytes() != (other / name).read_bytes()]
    name = random.choice(differing)
    (folder / name).write_bytes((other / name).read_bytes())
    return (name,) if name != MANIFEST else tuple(differing)


def link(folder: Path, other: Path, random: Random) -> Names:
    name = random.choice(ALL)
    (folder / name).rename(folder.parent / name)
    (folder / name).symlink_to(random.choice([folder.parent / name, other / name, Path("nowhere")]))
    return (name,)


def put_another_bundle(folder: Path, other: Path, random: Random) -> Names:
    for name in ALL:
        (folder / name).write_bytes((other / name).read_bytes())
    return ()


def edit_and_hash_again(folder: Path, other: Path, random: Random) -> Names:
    files = {name: (folder / name).read_bytes() for name in FILES}
    name = random.choice(FILES)
    files[name] = edited(name, files[name], (other / name).read_bytes(), random)
    (folder / name).write_bytes(files[name])
    (folder / MANIFEST).write_bytes(manifest_of(files))
    return ()


def edited(name: str, content: bytes, of_another: bytes, random: Random) -> bytes:
    """The file as somebody would change it on purpose."""
    if name == "model.onnx":
        return of_another
    value = json.loads(content)
    if name == "contract.json":
        value["columns"][random.randrange(len(value["columns"]))]["min"] = random.randrange(100)
    elif name == "reference.json":
        random.choice(list(value["features"].values()))["missing"] += random.randrange(1, 9)
    elif name == "explain.json":
        value["base"] += random.random()
    else:
        random.choice(value["cases"])["graph"] = random.random()
    return json.dumps(value).encode()


# What shows in the files alone, and what shows only where the digest is known.
BROKEN: dict[str, Spoil] = {
    "a bit flipped": flip_a_bit,
    "cut short": cut_short,
    "one file more": put_one_more,
    "one file less": take_one_away,
    "two files swapped": swap_two,
    "a file of another bundle": take_one_from_another,
    "a link": link,
}
FORGED: dict[str, Spoil] = {
    "another whole bundle": put_another_bundle,
    "a file edited and the manifest rebuilt": edit_and_hash_again,
}
