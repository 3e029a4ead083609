"""What is kept as evidence of consent."""

from ipaddress import IPv6Address, ip_address, ip_network


def truncated_ip(text: str) -> str:
    """Where somebody called from, without what leads to one household; "" where it is no address.

    >>> truncated_ip("203.0.113.77"), truncated_ip("2001:db8:1:2::7"), truncated_ip("unix:")
    ('203.0.113.0', '2001:db8:1::', '')
    """
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(ip_network((int(address), 48), strict=False).network_address)
        address = address.ipv4_mapped
    return str(ip_network((int(address), 24), strict=False).network_address)
