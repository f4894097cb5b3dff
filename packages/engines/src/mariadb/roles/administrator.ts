// The one user with all rights: ours, not the customer's.
export const administrator = 'rdsadmin';
