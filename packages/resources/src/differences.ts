/** A part of two lists that differs: `[from, to)` in each. */
export interface Run {
  is: [from: number, to: number]
  was: [from: number, to: number]
}

/** Above this many comparisons only members that are the only ones of their sort hold the lists together. */
const MOST_COMPARED = 4_000_000

/** How many members two lists have in common at their beginnings and at their ends. */
export function commonEnds(is: ArrayLike<unknown>, was: ArrayLike<unknown>): { start: number; end: number } {
  const most = Math.min(is.length, was.length)
  let start = 0
  while (start < most && is[start] === was[start]) start++
  let end = 0
  while (end < most - start && is[is.length - 1 - end] === was[was.length - 1 - end]) end++
  return { start, end }
}

/** Where two lists differ, in their order: what lies between two runs is the same in both. */
export function runsBetween(is: string[], was: string[]): Run[] {
  // Numbers, since the names of large members take long to compare.
  const numbers = new Map<string, number>()
  const numbered = (key: string): number => {
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  }
  return between(is.map(numbered), was.map(numbered), 0, 0)
}

/** The same for parts of lists that begin at two offsets. */
function between(is: number[], was: number[], isFrom: number, wasFrom: number): Run[] {
  const { start, end } = commonEnds(is, was)
  const a = is.slice(start, is.length - end)
  const b = was.slice(start, was.length - end)
  const [aFrom, bFrom] = [isFrom + start, wasFrom + start]
  if (a.length === 0 && b.length === 0) return []
  const whole: Run = { is: [aFrom, aFrom + a.length], was: [bFrom, bFrom + b.length] }
  if (a.length === 0 || b.length === 0) return [whole]
  if (a.length * b.length <= MOST_COMPARED) return compared(a, b, aFrom, bFrom)
  const anchors = anchorsOf(a, b)
  if (anchors.length === 0) return [whole]
  const runs: Run[] = []
  let [i, j] = [0, 0]
  for (const [atA, atB] of [...anchors, [a.length, b.length] as const]) {
    runs.push(...between(a.slice(i, atA), b.slice(j, atB), aFrom + i, bFrom + j))
    i = atA + 1
    j = atB + 1
  }
  return runs
}

/** By a longest common subsequence. */
function compared(a: number[], b: number[], aFrom: number, bFrom: number): Run[] {
  const width = b.length + 1
  const lengths = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const down = lengths[(i + 1) * width + j] ?? 0
      const right = lengths[i * width + j + 1] ?? 0
      const across = (lengths[(i + 1) * width + j + 1] ?? 0) + 1
      lengths[i * width + j] = a[i] === b[j] ? across : Math.max(down, right)
    }
  }
  const runs: Run[] = []
  let open: Run | null = null
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      open = null
      i++
      j++
      continue
    }
    if (!open) {
      open = { is: [aFrom + i, aFrom + i], was: [bFrom + j, bFrom + j] }
      runs.push(open)
    }
    const down = i < a.length ? (lengths[(i + 1) * width + j] ?? 0) : -1
    const right = j < b.length ? (lengths[i * width + j + 1] ?? 0) : -1
    if (down >= right) open.is[1] = aFrom + ++i
    else open.was[1] = bFrom + ++j
  }
  return runs
}

/** Members that stand once in each list, as many as are in the same order in both (a longest rising subsequence). */
function anchorsOf(a: number[], b: number[]): [a: number, b: number][] {
  const inA = placesOf(a)
  const inB = placesOf(b)
  const pairs: [number, number][] = []
  for (const [member, at] of inA) {
    const there = inB.get(member)
    if (at !== null && there !== undefined && there !== null) pairs.push([at, there])
  }
  // `tails[n]`: the pair that ends the rising sequence of n + 1 pairs whose end comes first.
  const tails: number[] = []
  const before: (number | undefined)[] = []
  const end = (n: number): number => pairs[tails[n] ?? 0]?.[1] ?? 0
  pairs.forEach(([, there], index) => {
    let [low, high] = [0, tails.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (end(middle) < there) low = middle + 1
      else high = middle
    }
    before[index] = tails[low - 1]
    tails[low] = index
  })
  const anchors: [number, number][] = []
  for (let at = tails.at(-1); at !== undefined; at = before[at]) {
    const pair = pairs[at]
    if (pair) anchors.push(pair)
  }
  return anchors.reverse()
}

/** Where each member stands, in the order of the list; null for those that stand in several places. */
function placesOf(list: number[]): Map<number, number | null> {
  const places = new Map<number, number | null>()
  list.forEach((member, at) => {
    places.set(member, places.has(member) ? null : at)
  })
  return places
}
