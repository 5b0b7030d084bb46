/** One line of the doctor: what was looked at, how it is, and how to mend it. */
export interface Finding {
  level: 'ok' | 'warn' | 'fail'
  about: string
  text: string
  mend?: string
}

export const ok = (about: string, text: string): Finding => ({ level: 'ok', about, text })
export const warn = (about: string, text: string, mend: string): Finding => ({ level: 'warn', about, text, mend })
export const fail = (about: string, text: string, mend: string): Finding => ({ level: 'fail', about, text, mend })
