"""Can a server listen there? Asked before anything else is done, so that a taken port is told at once."""

from __future__ import annotations

import errno
import socket

import click


def check_address(host: str, port: int) -> None:
    """UsageError when nobody can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "something listens there already" if taken else str(error.strerror).partition(" (")[0]
        raise click.UsageError(f"cannot listen at {host}:{port} ({why}); choose another --port or --host") from error
