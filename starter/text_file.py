"""A text file that somebody gives to a command."""

from pathlib import Path

from starter.answers import WrongInput


def read_text(path: Path) -> str:
    """What it says; UTF-8, with or without a byte order mark. Raises WrongInput, in one sentence."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongInput(f"{path} cannot be read: byte {error.start + 1} is no UTF-8; save it as UTF-8 text") from None
    except OSError as error:
        raise WrongInput(f"{path} cannot be read: {error.strerror}") from None
