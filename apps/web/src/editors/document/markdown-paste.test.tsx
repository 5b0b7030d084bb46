import { describe, expect, it } from 'vitest'
import { isMarkdown } from './markdown-paste.ts'

describe('pasted text', () => {
  it.each(['# Title', 'intro\n\n- one\n- two', '1. first', '> said', '```js\nx\n```', '- [ ] todo', 'a\n\n---\n\nb'])(
    'reads as Markdown: %j',
    (text) => expect(isMarkdown(text)).toBe(true),
  )
  it.each(['plain words', '#hashtag', '-5 degrees', 'v1.2 is out', 'a > b', 'https://a.test/#x', '2026-11-23', ''])(
    'stays as it is: %j',
    (text) => expect(isMarkdown(text)).toBe(false),
  )
})
