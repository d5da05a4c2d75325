import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness } from '../dissector.ts'
import { factOf } from '../printable.ts'

/** Universal exit language: from here on commands of PJL follow. */
const UEL = '\x1b%-12345X'
const PREFIX = '@PJL'
const FORM_FEED = 0x0c
const AT = 0x40
/** Commands stand before the data of a job, in lines. */
const MOST_BYTES = 2048
const MOST_COMMANDS = 32
const LONGEST_ANSWER = 4096

/** Commands that are told; what stands behind one may be a name and is not, unless it is of these lists. */
const COMMANDS: ReadonlySet<string> = new Set(
  `comment default dinquire dmcmd dminfo echo enter eoj fsappend fsdelete fsdirlist fsdownload fsinit fsmkdir fsquery
  fsupload info initialize inquire job opmsg rdymsg reset set stmsg upgrade ustatus ustatusoff`.split(
    /\s+/,
  ),
)
const LANGUAGE =
  /^ENTER\s+LANGUAGE\s*=\s*(PCL|PCLXL|POSTSCRIPT|PDF|HPGL2|ESCP|XPS|URF|PWGRASTER)\b/i
/** The command whose answer is the model. */
const ASKS_MODEL = 'info id'
const ASKED = /^INFO\s+(ID|STATUS|CONFIG|MEMORY|PAGECOUNT|VARIABLES|USTATUS|FILESYS)\b/i

/**
 * Printer Job Language (HP) over a raw port: the model in a printer's answer, and which commands a client gives. No job, no
 * name, no comment, no variable, no data.
 */
export const pjl: Dissector = {
  protocol: 'pjl',
  over: 'tcp',
  ports: [9100],
  firstBytes: [UEL.charCodeAt(0), AT],
  appetite: 16,
  looksLike: (stream) => likeness(stream),

  length(stream, { from }) {
    if (from === 'client' || stream.peek() !== AT) return stream.remaining
    const feed = stream.bytes.subarray(stream.position, stream.end).indexOf(FORM_FEED)
    if (feed >= 0) return feed + 1
    return stream.remaining < LONGEST_ANSWER ? 0 : stream.remaining
  },

  *dissect(message, context) {
    const { bytes, position, end } = message
    const text = characters(bytes, position, Math.min(end, position + MOST_BYTES))
    if (context.from === 'client') {
      for (const fact of commandFacts(text)) {
        if (fact.value === ASKS_MODEL) context.state = true
        yield fact
      }
      // What is answered where nobody asked is no model.
    } else if (context.state === true) yield* answerFacts(text)
  },
}

function likeness(stream: Cursor): Likeness {
  for (const mark of [UEL, `${PREFIX} `]) {
    if (stream.startsWith(mark)) return 'strong'
    const { bytes, position, end } = stream
    if (end - position < mark.length && mark.startsWith(characters(bytes, position, end))) {
      return 'incomplete'
    }
  }
  return 'no'
}

function* commandFacts(text: string): Generator<Fact> {
  const lines = text.replaceAll(UEL, '').split('\n', MOST_COMMANDS)
  for (const line of lines) {
    // Data in the middle of a job may hold anything: only what begins with commands is read.
    if (!line.startsWith(PREFIX)) return
    const command = line.slice(PREFIX.length).trim()
    const word = command.split(/[\s=]/, 1)[0]!.toLowerCase()
    if (!COMMANDS.has(word)) continue
    const asked = ASKED.exec(command)?.[1]?.toLowerCase()
    const value = asked === undefined ? word : `${word} ${asked}`
    yield { subject: 'client', field: 'pjl.command', value }
    const language = LANGUAGE.exec(command)?.[1]
    if (language !== undefined) {
      yield { subject: 'client', field: 'pjl.language', value: language.toLowerCase() }
    }
    // What follows is to be printed.
    if (word === 'enter') return
  }
}

/** The answer to INFO ID: its echo, and the model in the line below. */
function* answerFacts(text: string): Generator<Fact> {
  const [echo = '', model = ''] = text.split('\n', 2)
  if (!/^@PJL\s+INFO\s+ID\s*$/i.test(echo) || model.startsWith('@')) return
  yield* factOf('server', 'pjl.model', model.replaceAll(/["\f]/g, '').trim())
}
