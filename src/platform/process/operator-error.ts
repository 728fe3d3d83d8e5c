/** A failure whose cause the operator can act on: entry points print its message as one line, without a stack. */
export class OperatorError extends Error {}
