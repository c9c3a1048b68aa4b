"""`cos-watermark completion`: has a shell complete commands and options."""

from enum import Enum
from typing import Annotated

import typer
from typer.completion import get_completion_script  # type: ignore[attr-defined]  # it is there, and not in `__all__`

#: What a shell asks the command line with.
VARIABLE = "_COS_WATERMARK_COMPLETE"
#: The command is in no folder that shells look into: it has to be run as it was typed, which for bash it is.
_AS_TYPED = ("=complete_zsh cos-watermark)", "=complete_zsh $words[1])")


class Shell(str, Enum):
    """The shells that can be taught."""

    BASH = "bash"
    ZSH = "zsh"


def completion(shell: Annotated[Shell, typer.Argument(help="Your shell.")]) -> None:
    """Print a script with which your shell completes commands.

    For this session: eval "$(./cos-watermark completion bash)". For all sessions: add that line, with the absolute
    path, to ~/.bashrc or ~/.zshrc.
    """
    script = get_completion_script(prog_name="cos-watermark", complete_var=VARIABLE, shell=shell.value)
    typer.echo(script.replace(*_AS_TYPED))
