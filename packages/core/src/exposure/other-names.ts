/** `embedded web server, included in Capsule DTS all versions`, `GEH-500 (integrated into GE MobileLink)`. */
const HOST =
  /\b(?:included|integrated|built|embedded|contained|shipped) (?:in|into|with) (?:the )?([A-Z][\w+-]*(?: (?!all\b|versions?\b)[\w+-]+){0,4})/g

/** What a sentence says the product is part of: a device of that name may have it inside. */
export function hostsIn(text: string): readonly string[] {
  return [...text.matchAll(HOST)].map((found) => found[1] ?? '')
}
