"""Troubles of a database under one name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from forecourt.actions.store_unavailable import StoreUnavailable


@contextmanager
def answering() -> Iterator[None]:
    """Says `StoreUnavailable` for what the world did to us. A constraint that was broken, or a
    statement that is wrong, is our own mistake and stays what it is."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except DBAPIError as error:
        raise StoreUnavailable(f"the database says: {_first_line(error.orig)}") from error
    except PoolTimeout as error:
        raise StoreUnavailable("every connection to the database is busy") from error
    except (OSError, TimeoutError) as error:
        raise StoreUnavailable(f"the database cannot be reached: {_first_line(error)}") from error


def _first_line(error: BaseException | None) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
