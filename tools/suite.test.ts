import { expect, test } from 'vitest'
import { checkNode } from './prepare.mjs'
import { countJunit, countVitest } from './suite.mjs'

const passed = { status: 'passed', fullName: 'adds', failureMessages: [] }

test('tests are counted one by one, and a file that failed outside of them as one', () => {
  const count = countVitest({
    numPassedTests: 2,
    testResults: [
      { name: '/x/a.test.ts', status: 'passed', message: '', assertionResults: [passed] },
      {
        name: '/x/b.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [passed, { status: 'failed', fullName: 'takes', failureMessages: ['Error: no\n  at x'] }],
      },
      { name: '/x/c.test.ts', status: 'failed', message: 'cannot import y\nmore', assertionResults: [] },
    ],
  })
  expect(count).toMatchObject({ passed: 2, failed: 2 })
  expect(count.details[0]).toMatch(/b\.test\.ts: takes: Error: no$/)
  expect(count.details[1]).toMatch(/c\.test\.ts: cannot import y$/)
})

test('pytest results are counted; what was skipped neither passed nor failed', () => {
  const xml = `<testsuites><testsuite name="pytest" tests="4">
    <testcase classname="tests.a" name="one" time="0.1" />
    <testcase classname="tests.a" name="two" time="0.1"><failure message="no">why</failure></testcase>
    <testcase classname="tests.a" name="three" time="0.1"><error message="no">why</error></testcase>
    <testcase classname="tests.a" name="four" time="0.1"><skipped type="pytest.skip" /></testcase>
  </testsuite></testsuites>`
  expect(countJunit(xml)).toEqual({ passed: 1, failed: 2, details: ['tests.a.two', 'tests.a.three'] })
})

test('a Node that is too old is refused in a line', () => {
  for (const fine of ['20.19.0', '20.20.2', '22.0.0']) expect(() => checkNode(fine)).not.toThrow()
  for (const old of ['18.20.0', '20.18.3'])
    expect(() => checkNode(old)).toThrow(`needs Node 20.19 or newer; this is ${old}`)
})
