#!/bin/sh
# Takes the address that dhclient ($new_ip_address) or udhcpc ($ip) was given; touches nothing but eth0.
ip_new="${new_ip_address:-$ip}"
gateway="${new_routers:-$router}"
[ -n "$ip_new" ] || exit 0
ip -4 addr show dev eth0 | grep -q "inet $ip_new/" || {
  ip -4 addr flush dev eth0
  ip addr add "$ip_new/24" dev eth0
}
[ -z "$gateway" ] || ip route replace default via "${gateway%% *}"
