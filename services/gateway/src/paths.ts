import { Problem } from '@realtime/contracts'

/** A path may be encoded this many times over before it is refused for that alone. */
const MAX_DECODINGS = 4

/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? ''
}

/**
 * Refuses request targets that two readers could understand differently: the gateway chooses by prefix, the part
 * behind it may decode or normalise, and together they must not reach what neither would have served.
 * @throws Problem `invalid-path`
 */
export function checkTarget(target: string): void {
  const reason = faultOf(target)
  if (reason) throw new Problem('invalid-path', `The path of the request is not acceptable: ${reason}.`)
}

function faultOf(target: string): string | null {
  if (!target.startsWith('/')) return 'it must begin with a slash'
  if (target.includes('#')) return 'it has a fragment'
  let path = pathOf(target)
  for (let round = 0; round <= MAX_DECODINGS; round++) {
    const reason = segmentsFaultOf(path)
    if (reason) return reason
    let decoded: string
    try {
      decoded = decodeURIComponent(path)
    } catch {
      // Only the sender's own encoding must be valid: `100%25` decodes to a lone percent sign, which is a character.
      return round === 0 ? 'its percent-encoding is not valid' : null
    }
    if (decoded === path) return null
    path = decoded
  }
  return 'it is encoded too many times'
}

function segmentsFaultOf(path: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\x00-\x1f\x7f]|%[01][0-9a-f]|%7f/i.test(path)) return 'it has a control character'
  if (/\\|%5c/i.test(path)) return 'it has a backslash'
  if (/%2f/i.test(path)) return 'it has an encoded slash'
  if (path.includes('//')) return 'it has an empty segment'
  if (path.split('/').some((segment) => /^(\.|%2e){1,2}(;.*)?$/i.test(segment))) return 'it has a dot segment'
  return null
}
