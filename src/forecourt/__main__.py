"""`forecourt`, also as `python -m forecourt`."""

from __future__ import annotations

from forecourt.cli.app import command


def main() -> None:
    """Run the command with this process's arguments; exits with an `ExitCode`."""
    command()(prog_name="forecourt")


if __name__ == "__main__":
    main()
