"""Merkle trees over the hashes of events (RFC 9162, section 2.1): a root for many, and a short proof that one is among them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def root_of(hashes: Sequence[str]) -> str:
    """The root over these SHA-256 hashes (hexadecimal), in their order."""
    level = [_leaf(each) for each in hashes]
    while len(level) > 1:
        level = _level_above(level)
    return level[0].hex() if level else hashlib.sha256(b"").hexdigest()


def path_to(hashes: Sequence[str], index: int) -> list[str]:
    """The hashes that lead from the one at ``index`` up to the root: as many as the tree has levels, at most."""
    level, path = [_leaf(each) for each in hashes], []
    while len(level) > 1:
        neighbour = index ^ 1
        if neighbour < len(level):
            path.append(level[neighbour].hex())
        level, index = _level_above(level), index // 2
    return path


def root_from(event_hash: str, index: int, size: int, path: Sequence[str]) -> str:
    """The root of the tree of ``size`` in which the hash at ``index`` has this path; raises ValueError for a path that cannot be one."""
    node, left = _leaf(event_hash), list(path)
    if not 0 <= index < size:
        raise ValueError("no such place in the tree")
    while size > 1:
        if index ^ 1 < size:
            if not left:
                raise ValueError("the path is too short")
            neighbour = bytes.fromhex(left.pop(0))
            node = _node(neighbour, node) if index % 2 else _node(node, neighbour)
        index, size = index // 2, (size + 1) // 2
    if left:
        raise ValueError("the path is too long")
    return node.hex()


def _level_above(level: list[bytes]) -> list[bytes]:
    above = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    # An odd one out moves up as it is.
    return above + level[-1:] if len(level) % 2 else above


# Leaves and nodes begin with another byte, so that neither can pass for the other.
def _leaf(event_hash: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(event_hash)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
