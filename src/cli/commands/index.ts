import type { Command } from '../command.ts'
import { exportCommand } from './audit/export.ts'
import { pruneCommand } from './audit/prune.ts'
import { queryCommand } from './audit/query.ts'
import { statsCommand } from './audit/stats.ts'
import { tailCommand } from './audit/tail.ts'
import { verifyCommand } from './audit/verify.ts'
import { canICommand } from './can-i.ts'
import { completionCommand } from './completion.ts'
import { demoCommand } from './demo.ts'
import { evalCommand } from './eval.ts'
import { explainCommand } from './explain.ts'
import { gatewayCommand } from './gateway/gateway.ts'
import { graphCommand } from './graph.ts'
import { helpCommand } from './help.ts'
import { initCommand } from './init.ts'
import { replayCommand } from './replay.ts'
import { routerEvalCommand } from './router/eval.ts'
import { routerReplayCommand } from './router/replay.ts'
import { routerCommand } from './router/serve.ts'
import { routerTrainCommand } from './router/train.ts'
import { testCommand } from './test.ts'
import { validateCommand } from './validate.ts'
import { versionCommand } from './version.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  demoCommand,
  initCommand,
  validateCommand,
  testCommand,
  canICommand,
  explainCommand,
  replayCommand,
  evalCommand,
  graphCommand,
  gatewayCommand,
  routerCommand,
  routerTrainCommand,
  routerEvalCommand,
  routerReplayCommand,
  verifyCommand,
  queryCommand,
  tailCommand,
  exportCommand,
  statsCommand,
  pruneCommand,
  completionCommand,
  helpCommand,
  versionCommand,
]
