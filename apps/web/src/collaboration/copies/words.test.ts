import { describe, expect, it } from 'vitest'
import { copiesInWords } from './words.ts'

const copy = (count: number, reason: 'read-only' | 'payload-too-large' | 'conflict', whole = true) => ({
  count,
  reason,
  whole,
  detail: 'The server says no.',
})

describe('private copies in words', () => {
  it('say how many changes, why, and where they are', () => {
    expect(copiesInWords([copy(3, 'read-only')])).toBe(
      '3 changes could not be saved: you may only view this document now. They are kept as a private copy on this device.',
    )
    expect(copiesInWords([copy(1, 'payload-too-large')])).toBe(
      '1 change could not be saved: it is too large. It is kept as a private copy on this device.',
    )
  })

  it('say what the server said where there is no better word', () => {
    expect(copiesInWords([copy(2, 'conflict')])).toContain('2 changes could not be saved: The server says no. They')
  })

  it('say it when more than one is kept, or only the changes themselves', () => {
    expect(copiesInWords([copy(3, 'read-only'), copy(2, 'read-only')])).toBe(
      '5 changes could not be saved. They are kept as 2 private copies on this device.',
    )
    expect(copiesInWords([copy(3, 'read-only', false)])).toMatch(/Only what you wrote could be kept/)
    expect(copiesInWords([])).toBe('')
  })
})
