export { element as canvasElement, MemoryScene, randomOf } from './canvas/testing.ts'
