"""Industry discipline as due process, and the two numbers of a company's conduct: the authority's credit and the association's own score."""
