import { render } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { readAnswer } from './answer.ts'
import { AnswerView } from './answer-view.tsx'
import { twoWriters } from './people.testing.ts'

const { ann } = twoWriters('<p></p>')

function shown(text: string): HTMLElement {
  const answer = readAnswer(ann.editor, text)
  if (!answer) throw new Error('There is no text')
  answer.check()
  return render(<AnswerView answer={answer} />).container
}

describe('an answer', () => {
  test('is formatted', () => {
    const view = shown('# Title\n\nSome **bold** and `code`.\n\n- [x] done\n- [ ] open\n\n> said\n\n```js\nlet a\n```')
    expect(view.querySelector('.ai-heading')?.textContent).toBe('Title')
    expect(view.querySelector('strong')?.textContent).toBe('bold')
    expect(view.querySelectorAll('input:checked').length).toBe(1)
    expect(view.querySelector('pre')?.textContent).toBe('let a')
  })

  test('is without the fence around all of it', () => {
    expect(shown('```markdown\n# Title\n\nText\n```').querySelector('.ai-heading')?.textContent).toBe('Title')
    expect(shown('```markdown\n# Title').querySelector('.ai-heading')?.textContent).toBe('Title')
  })

  test.each(['', '  \n', '```markdown\n```'])('without text is none: %j', (text) => {
    expect(readAnswer(ann.editor, text)).toBeNull()
  })

  test('reaches nothing outside: no link, image, script or handler; addresses are words', () => {
    const view = shown(
      'See [here](https://evil.example/a) ![pixel](https://evil.example/p.png) <img src="https://evil.example/q.png" onerror="alert(1)"> [js](javascript:alert(1))\n\n<script>alert(1)</script>\n\n<iframe src="https://evil.example"></iframe>',
    )
    expect(view.querySelectorAll('a, img, script, iframe, [href], [src], [onerror]').length).toBe(0)
    expect(view.textContent).toContain('here (https://evil.example/a)')
    expect(view.textContent).toContain('pixel (https://evil.example/p.png)')
    expect(view.textContent).not.toContain('javascript:')
  })

  test('keeps a table’s words', () => {
    expect(shown('| a | b |\n|---|---|\n| 1 | 2 |').textContent).toContain('| 1 | 2 |')
  })

  const broken = [
    '**[unclosed](',
    '######## too deep',
    '- \n  - \n    - [ ]',
    '> > > \n1. \n```',
    '<div><p>',
    '&#0; &bogus;',
    '|a|\n|-|\n|',
    '[x]: y\n[x]',
    '\u0000\u202e\ud800',
    '![]()',
    `${'> '.repeat(60)}deep`,
    '* * *\n- - -',
    '<script>',
    '$$ \\frac',
  ]
  test.each(broken)('of broken Markdown never throws: %j', (text) => {
    const answer = readAnswer(ann.editor, text)
    if (answer) render(<AnswerView answer={answer} />)
  })

  test('of every beginning of a text never throws, as it streams', () => {
    const text = broken.join('\n\n')
    for (let end = 0; end <= text.length; end++) readAnswer(ann.editor, text.slice(0, end))?.check()
  })
})
