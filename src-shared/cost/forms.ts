// Which forms of a network are counted or measured: a file in merged form has no train form, its branches are gone.
import { mergedSpec } from '../model/merged-spec';
import type { Form, NetworkSpec } from '../model/spec';
import { UserError } from '../base/user-error';

/** The forms asked for, train form first. Throws UserError where the network has none of them. */
export function countedForms(spec: NetworkSpec, asked: Form | 'both' = 'both'): NetworkSpec[] {
  const forms = spec.form === 'merged' ? [spec] : [spec, mergedSpec(spec)];
  const wanted = forms.filter((one) => asked === 'both' || one.form === asked);
  if (wanted.length === 0)
    throw new UserError(`this ${spec.name} is in merged form: its branches are gone and cannot be counted; ask for the merged form`);
  return wanted;
}
