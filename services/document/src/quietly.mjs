// Makes the thread that imports it give way to all others: on Linux a priority is a thread's own.
import os from 'node:os'

if (process.platform === 'linux') {
  try {
    os.setPriority(0, 10)
  } catch {
    // Not allowed here: then it works as everybody does.
  }
}
