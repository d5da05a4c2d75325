/**
 * The MAC that an EUI-64 was made of, which FFFE or FFFF in its middle shows (RFC 4291 appendix A has the first);
 * hexadecimal digits, with or without separators.
 */
export function macOfEui64(text: string): string | undefined {
  if (text.length > 64) return undefined
  const eui = text.replaceAll(/[-:.\s]/g, '').toLowerCase()
  if (!/^[0-9a-f]{6}fff[ef][0-9a-f]{6}$/.test(eui)) return undefined
  // A group address is no device's own.
  if ((Number.parseInt(eui.slice(0, 2), 16) & 1) === 1) return undefined
  return (eui.slice(0, 6) + eui.slice(10)).match(/../g)?.join(':')
}
