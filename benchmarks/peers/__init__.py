"""What the product is compared with: rules and criteria as others would write them, and public solvers of assignments."""
