/** The subnet that an address is shown in: /24 of IPv4, /64 of IPv6; undefined for no address. */
export function segmentNameOf(ip: string | undefined): string | undefined {
  if (ip === undefined) return undefined
  const four = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(ip)
  if (four) return `${four[1]}.0/24`
  if (!ip.includes(':')) return undefined
  const [head = ''] = ip.split('::')
  const groups = head.split(':').filter((group) => group !== '')
  while (groups.length < 4) groups.push('0')
  return `${groups.slice(0, 4).join(':')}::/64`
}
