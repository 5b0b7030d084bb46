export interface Count {
  passed: number
  failed: number
  details: string[]
}
export function checkAll(): Promise<number>
export function testAll(): Promise<number>
export function countVitest(json: unknown): Count
export function countJunit(xml: string): Count
