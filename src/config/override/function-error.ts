/** What is wrong with a call of a grammar function; whoever knows the position turns it into an error for the user. */
export class FunctionError extends Error {}
