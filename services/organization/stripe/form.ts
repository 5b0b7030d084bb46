/** A value of a form: text, or nested by the brackets of its names. */
export type Form = { [name: string]: string | Form }

/** Reads `items[0][quantity]=3` as Stripe does; lists are objects with numbers as names. */
export function readForm(text: string): Form {
  const form: Form = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.split(/[[\]]+/).filter(Boolean)
    const last = path.pop()
    if (last === undefined) continue
    let at = form
    for (const part of path) {
      const next = at[part]
      const inner = typeof next === 'object' ? next : {}
      at[part] = inner
      at = inner
    }
    at[last] = value
  }
  return form
}

/** The text at a path, if there is one. */
export function textAt(form: Form, ...path: string[]): string | undefined {
  const value = at(form, path)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The part of a form at a path; empty where there is none. */
export function formAt(form: Form, ...path: string[]): Form {
  const value = at(form, path)
  return typeof value === 'object' ? value : {}
}

/** The texts of a part of a form, as metadata are. */
export function textsAt(form: Form, ...path: string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(formAt(form, ...path)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function at(form: Form, path: string[]): string | Form | undefined {
  let value: string | Form | undefined = form
  for (const part of path) value = typeof value === 'object' ? value[part] : undefined
  return value
}
