"""`cos-watermark bundle`: builds what is deployed, and shows what is in it."""

from typing import Annotated

import typer
from rich.console import Console

from ops.bundle.build import Bytecode, build
from ops.bundle.errors import BundleError
from ops.bundle.report import table
from ops.checkout import BUNDLE_ARCHIVE, BUNDLE_FOLDER, ROOT


def bundle(
    *,
    no_bytecode: Annotated[
        bool, typer.Option("--no-bytecode", help="Build without Python 3.10; cold starts take about twice as long.")
    ] = False,
) -> None:
    """Build dist/cos-watermark.zip and the folder build/bundle."""
    try:
        built = build(BUNDLE_FOLDER, BUNDLE_ARCHIVE, Bytecode.LEFT_OUT if no_bytecode else Bytecode.INCLUDED)
    except BundleError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    Console().print(table(built.archive))
    typer.echo(f"{built.archive.relative_to(ROOT)}\nSHA-256 {built.sha256}")
