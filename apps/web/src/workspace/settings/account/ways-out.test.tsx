import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { GoingAlong, holding } from './ways-out.tsx'

type Way = Parameters<typeof holding>[0][number]

const aWay = (name: string, way: Way['way'], others = 0): Way => ({ id: name, name, personal: false, others, way })

/** The lines that are read, without their markup. */
const linesOf = (organizations: Way[]): string[] =>
  renderToStaticMarkup(<GoingAlong organizations={organizations} />)
    .split('</li>')
    .map((line) => line.replace(/<[^>]*>/g, ''))
    .filter(Boolean)

test('what is deleted with an account is told by name, with how many others lose it', () => {
  expect(linesOf([aWay('Mine', 'delete'), aWay('Pair', 'delete', 1), aWay('Crowd', 'delete', 7)])).toEqual([
    'Mine is deleted with all projects and documents in it.',
    'Pair is deleted with all projects and documents in it, also for the other person in it.',
    'Crowd is deleted with all projects and documents in it, also for the 7 other people in it.',
  ])
})

test('what is left is told in one line, and nothing where nothing is left', () => {
  expect(linesOf([aWay('Acme', 'leave', 3), aWay('Bolt', 'leave', 3)])).toEqual([
    'You leave Acme and Bolt. What you wrote there stays, without your name beside it.',
  ])
  expect(linesOf([])).toEqual([])
})

test('who is the last owner, or has a subscription that goes on, is held', () => {
  const ways = [aWay('a', 'leave'), aWay('b', 'last-owner', 2), aWay('c', 'delete'), aWay('d', 'subscription')]
  expect(holding(ways).map(({ name }) => name)).toEqual(['b', 'd'])
})
