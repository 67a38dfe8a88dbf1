package io.entrepot.core.access;

/** What somebody may do anywhere. Answers come from memory. */
public interface Rights {
    Rights ALL = new Rights() {
        @Override
        public Access in(RegistryId registry) {
            return Access.ALL;
        }

        @Override
        public boolean sees(Domain domain) {
            return true;
        }

        @Override
        public boolean administers(Domain domain) {
            return true;
        }
    };

    Access in(RegistryId registry);

    /** Whether he may read how this is set up. */
    boolean sees(Domain domain);

    /** Whether he may change it. */
    boolean administers(Domain domain);
}
