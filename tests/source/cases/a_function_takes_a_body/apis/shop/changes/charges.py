from __future__ import annotations


def raised(body, rates):
    return {**body, "rate": rates["USD"]}


def lowered(body):
    return body
