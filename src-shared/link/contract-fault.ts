// What a call has that its contract does not: which side it is on, and in which field.
import { ORPCError } from '@orpc/client';
import { ValidationError } from '@orpc/contract';

export interface ContractFault {
  readonly side: 'input' | 'answer';
  /** The field and what is wrong with it: `value: expected number`. */
  readonly text: string;
}

/** The fault that an error of the RPC library is about; null for any other error. */
export function contractFault(error: unknown): ContractFault | null {
  if (!(error instanceof ORPCError) || !(error.cause instanceof ValidationError)) return null;
  const side = error.code === 'BAD_REQUEST' ? 'input' : 'answer';
  const [issue] = error.cause.issues;
  const field = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  return { side, text: `${field === '' ? side : field}: ${issue.message}` };
}
