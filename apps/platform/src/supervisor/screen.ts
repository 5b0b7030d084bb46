import picocolors from 'picocolors'

/** What the person who started the platform sees. */
export interface Screen {
  /** A part's new state; `ms` since it was started. */
  state(name: string, state: 'ready' | 'stopped' | 'failed' | 'off', detail?: string, ms?: number): void
  /** Something a part warns of. */
  warn(name: string, text: string): void
  line(text: string): void
  /** The address to open. */
  address(text: string, url: string): void
  /** What is under way, shown on terminals only and replaced by whatever comes next. */
  busy(text: string): void
}

const WIDTH = 14
const marks = { ready: '✓', stopped: '·', failed: '✗', off: '–' } as const

/** A screen on a stream: colours and passing lines on a terminal, plain lines elsewhere. */
export function createScreen(out: NodeJS.WriteStream = process.stdout): Screen {
  const terminal = out.isTTY === true
  const colors = picocolors.createColors(terminal && picocolors.isColorSupported)
  const paint = { ready: colors.green, stopped: colors.dim, failed: colors.red, off: colors.yellow }
  let passing = false
  // A closed terminal or pipe must not end the platform.
  out.on('error', () => undefined)
  const print = (text: string) => {
    out.write(`${passing ? '\r\x1b[2K' : ''}${text}\n`)
    passing = false
  }
  return {
    state(name, state, detail = '', ms) {
      const time = ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`
      const words = [time.padStart(6), detail].filter(Boolean).join('  ')
      print(`${paint[state](marks[state])} ${name.padEnd(WIDTH)} ${paint[state](state.padEnd(7))} ${words}`.trimEnd())
    },
    warn: (name, text) => print(`${colors.yellow('!')} ${name.padEnd(WIDTH)} ${text}`),
    line: print,
    address: (text, url) => print(`\n${text} ${colors.bold(colors.cyan(url))}`),
    busy(text) {
      if (!terminal) return
      out.write(`\r\x1b[2K${colors.dim(text)}`)
      passing = true
    },
  }
}
