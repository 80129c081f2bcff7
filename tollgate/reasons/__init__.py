"""Why an applicant was scored as they were, and whether a row is like those that the model knows; numpy alone."""
