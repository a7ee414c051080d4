/** A command that ran, said what it found, and found it wanting: exit code 1 and nothing more to say. */
export class CheckFailed extends Error {}
