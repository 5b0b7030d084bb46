// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { itemBeginning, stepOf } from './keyboard.ts'
import { keepReachable } from './use-item-keys.ts'

const html = `
<ul role="tree">
  <li role="treeitem" aria-label="Work" aria-expanded="true" id="work">
    <ul role="group">
      <li role="treeitem" aria-label="Plan" aria-expanded="false" id="plan"></li>
      <li role="treeitem" aria-label="Élan" aria-current="page" id="elan"></li>
      <li role="treeitem" aria-label="计划" id="jihua"></li>
    </ul>
  </li>
  <li role="treeitem" aria-label="Play" aria-expanded="true" id="play"></li>
</ul>`

let tree: Element
const item = (id: string) => document.getElementById(id) as HTMLElement
const press = (id: string, key: string, shiftKey = false) => {
  const step = stepOf(tree, item(id), { key, shiftKey })
  return step && 'focus' in step ? step.focus.id : (step?.act ?? null)
}

beforeEach(() => {
  document.body.innerHTML = html
  tree = document.querySelector('[role=tree]') as Element
})

describe('keys of the tree', () => {
  it('go up and down through what is in sight, and stop at the ends', () => {
    expect(press('work', 'ArrowDown')).toBe('plan')
    expect(press('jihua', 'ArrowDown')).toBe('play')
    expect(press('play', 'ArrowDown')).toBeNull()
    expect(press('play', 'ArrowUp')).toBe('jihua')
    expect(press('elan', 'Home')).toBe('work')
    expect(press('elan', 'End')).toBe('play')
  })
  it('open to the right, then go in; close to the left, then go out', () => {
    expect(press('plan', 'ArrowRight')).toBe('expand')
    expect(press('work', 'ArrowRight')).toBe('plan')
    expect(press('elan', 'ArrowRight')).toBeNull()
    // An open one with nothing in it does not go to the next.
    expect(press('play', 'ArrowRight')).toBeNull()
    expect(press('work', 'ArrowLeft')).toBe('collapse')
    expect(press('plan', 'ArrowLeft')).toBe('work')
  })
  it('do what rows can do', () => {
    expect(press('plan', 'Enter')).toBe('open')
    expect(press('plan', 'F2')).toBe('rename')
    expect(press('plan', 'Delete')).toBe('delete')
    expect(press('plan', 'F10')).toBeNull()
    expect(press('plan', 'F10', true)).toBe('menu')
    expect(press('plan', 'x')).toBeNull()
  })
  it('find by the first letters of a name, around the end', () => {
    expect(itemBeginning(tree, item('plan'), 'p')?.id).toBe('play')
    expect(itemBeginning(tree, item('play'), 'p')?.id).toBe('plan')
    expect(itemBeginning(tree, item('plan'), 'pla')?.id).toBe('plan')
    expect(itemBeginning(tree, item('plan'), '计')?.id).toBe('jihua')
    expect(itemBeginning(tree, item('plan'), 'q')).toBeNull()
  })
  it('leave one item that Tab leads to: the page’s first, then the one that had the focus', () => {
    for (const one of tree.querySelectorAll<HTMLElement>('[role=treeitem]')) one.tabIndex = -1
    const reachable = () => [...tree.querySelectorAll('[tabindex="0"]')].map(({ id }) => id)
    keepReachable(tree)
    expect(reachable()).toEqual(['elan'])
    keepReachable(tree, item('plan'))
    expect(reachable()).toEqual(['plan'])
    item('plan').remove()
    keepReachable(tree)
    expect(reachable()).toEqual(['elan'])
  })
})
