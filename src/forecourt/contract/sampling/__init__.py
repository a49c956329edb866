"""Values made from schemas: what a mock answers where a contract has no example."""

from forecourt.contract.sampling.sample import NoSample, Sampled, sample

__all__ = ["NoSample", "Sampled", "sample"]
