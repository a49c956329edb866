"""OpenAPI documents as values: what an API offers, and what it answers."""

from forecourt.contract.model import Content, Contract, LeftOut, Operation, Response
from forecourt.contract.reading import read_contract

__all__ = ["Content", "Contract", "LeftOut", "Operation", "Response", "read_contract"]
