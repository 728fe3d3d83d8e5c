/** A failure that the operator can do something about: programs print its message as one line, without a stack. */
export class OperatorError extends Error {}
