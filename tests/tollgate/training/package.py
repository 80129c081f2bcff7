"""A model in a package of its own, as a user has it: a module and an entry point on a path of its own."""

from pathlib import Path


def install(folder: Path, module: str, source: str, **models: str) -> Path:
    """Write a package as pip would leave it, and give the folder for sys.path.

    Args:
        folder: Where; made where it is not there.
        module: The name of its only module.
        source: The module's text.
        models: The entry points, name to `module:Class`.
    """
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / f"{module}.py").write_text(source)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    lines = "".join(f"{name} = {value}\n" for name, value in models.items())
    (info / "entry_points.txt").write_text(f"[tollgate.models]\n{lines}")
    return folder
