/**
 * Words of a path that are kept: those that name a kind of resource or a page of a device. All others, which may be a
 * person's name or number, become an asterisk.
 */
const KNOWN: ReadonlySet<string> = new Set(
  `about account action actions admin ajax alarm alarms api app apps archive assets audio auth axis-cgi backup base
  camera cameras capabilities cfg cgi cgi-bin changes channels common config configuration connect console control css
  data default desc description deviceinfo device device_service devices devicemetric dicom dicomweb dicom-web dir doc
  docs download downloads encounter error escl event events explorer export favicon fhir file files firmware fonts form
  frames generate_204 get goform gui health healthcheck heartbeat help hl7 hnap1 home html icons igd image images img
  index info init instances interface ipp isapi js json language lib library license live log login logon logout logs
  main management media media_service medication metadata metrics modalities modality monitor mwl network notify oauth
  observation onvif order orders page pages patient patients peers ping plugins portal preview print printer
  printers procedure ptz public qido-rs queries query quote redirect register rendered report reports request resource
  resources rest result results robots root rootdesc rpc rs scan scripts security series server service services session
  sessions settings setup sites snapshot soap socket socket.io src start state static statistics status storage stow-rs
  stream streaming streams studies style styles subscription sync sys system systeminfo task tasks test themes time token
  tools transfer trap ui update updates upgrade upload uploads upnp user users util v1 v2 v3 v4 version versions video
  view viewer wado wado-rs web webapp webcam webdav webservice webservices webui welcome well-known wizard worklist
  wp-admin wp-content ws wsdl xml`.split(/\s+/),
)
/** Segments after which the next ones name somebody or something of theirs. */
const PERSONAL =
  /^(?:patients?|persons?|people|users?|subjects?|encounters?|members?|practitioners?)$/
const EXTENSION =
  /\.(?:html?|php|aspx?|jsp|cgi|js|css|png|jpe?g|gif|ico|svg|xml|json|txt|do|action|wsdl|bin|zip|cab|exe|msi|crl|der|pdf|dcm|hl7|asmx|svc|woff2?|m3u8|ts|mp4)$/
const MOST_SEGMENTS = 6
const NO_PATH = '*'

/** What a path says about a request without saying about whom. */
export interface PathShape {
  /** `/api/v1/` followed by an asterisk, `/login.html`; never a query. */
  readonly shape: string
  /** Nothing was replaced or left out: the path can be no one's. */
  readonly isKnown: boolean
}

/** Shape of a request target in any of its forms (RFC 9112 §3.2). */
export function pathShape(target: string): PathShape {
  const origin = target.replace(/^[a-z]{2,8}:\/\/[^/]{0,256}/i, '')
  if (!origin.startsWith('/')) return { shape: NO_PATH, isKnown: false }
  const hasQuery = /[?#;]/.test(origin)
  const path = origin.split(/[?#;]/, 1)[0]!.toLowerCase()
  const segments = path.split('/').slice(1)
  const shaped: string[] = []
  let isPersonal = false
  for (const segment of segments.slice(0, MOST_SEGMENTS)) {
    shaped.push(isPersonal && segment !== '' ? NO_PATH : segmentShape(segment))
    isPersonal ||= PERSONAL.test(segment)
  }
  if (segments.length > MOST_SEGMENTS) shaped.push(NO_PATH)
  const shape = `/${shaped.join('/')}`
  return { shape, isKnown: !hasQuery && !isPersonal && !shape.includes(NO_PATH) }
}

function segmentShape(segment: string): string {
  if (segment === '' || KNOWN.has(segment) || segment === '.well-known') return segment
  const extension = EXTENSION.exec(segment)?.[0] ?? ''
  const name = segment.slice(0, segment.length - extension.length)
  return KNOWN.has(name) ? segment : NO_PATH + extension
}
