from __future__ import annotations


def raised(body):
    first, _, last = body["name"].rpartition(" ")
    if not first:
        raise ValueError("a name needs a first and a last part")
    return {"first": first, "last": last}


def lowered(body):
    return {"name": f"{body['first']} {body['last']}"}
