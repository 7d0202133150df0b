"""Whose a request is: the address that places in the queue, and uploads, are counted by."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection

Address = IPv4Address | IPv6Address
HOUSEHOLD = 64  # bits of an IPv6 address that one connection has; it may choose the rest


def client_of(request: HTTPConnection, session: str | None) -> str:
    """Return the name of the client that sent a request; session: of its page, as it says.

    Programs of this machine count as one client for each page.
    """
    return address_of(request) or f"page {session}"


def address_of(request: HTTPConnection) -> str:
    """Return the address of the client that sent a request; "" for programs of this machine.

    It is the address of the other end, or, where that is a proxy of a private network, the nearest
    public one that was forwarded: what is farther, the client itself may have written.
    """
    peer = _address(request.client.host if request.client else "")
    if peer and not peer.is_global:
        forwarded = request.headers.get("x-forwarded-for", "")
        peer = next(_public(reversed(forwarded.split(","))), peer)
    if peer is None or peer.is_loopback:
        return ""
    if isinstance(peer, IPv6Address):
        return str(ip_network((peer, HOUSEHOLD), strict=False))
    return str(peer)


def _public(addresses: Iterator[str]) -> Iterator[Address]:
    known = map(_address, addresses)
    return (address for address in known if address and address.is_global)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:  # a name, or what a client has made up
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
