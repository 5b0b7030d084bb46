/** What was typed as a code: the code as the server takes it, or what is wrong with it. */
export type ReadCode = { code: string; error?: undefined } | { code?: undefined; error: string }

/**
 * Reads a code of an app, six digits however they were grouped, or a recovery code. Digits of other scripts count:
 * keyboards write them.
 */
export function readCode(typed: string, recovery: boolean): ReadCode {
  const plain = typed.normalize('NFKC').replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 15))
  if (recovery) {
    const code = plain.trim().replace(/\s+/g, '')
    if (code.length < 8) return { error: code ? 'A recovery code is longer.' : 'Enter a recovery code.' }
    return { code }
  }
  const code = plain.replace(/[\s-]/g, '')
  if (!/^\d{6}$/.test(code)) return { error: 'The code has six digits.' }
  return { code }
}
