"""What counts as one address: an IPv4 address, or the network that one connection of IPv6 has.

In: an address as a door knows it. Out: the text that tries are counted under. Pure.
"""

from ipaddress import ip_address


def network(address: str) -> str:
    """An address, of IPv6 the network of one connection (/64), which its holder can walk through."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else found.exploded[:19]
