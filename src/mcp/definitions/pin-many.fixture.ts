import { filePins } from './file-pins.ts'
import { tool } from './tool.fixture.ts'
import { watchDefinitions } from './watch-definitions.ts'

// A process that accepts tools one after the other while others do the same.
const [path = '', server = ''] = process.argv.slice(2)
const watch = watchDefinitions({ pins: filePins(path) })
for (let at = 0; at < 20; at++) watch.learn(server, [tool(`t${at}q`)])
