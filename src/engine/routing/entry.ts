/** What the engine asks of routing: loaded when a request is first routed, or a model has answered. */
export { noteAnswer } from './note-answer.ts'
export { route } from './route.ts'
