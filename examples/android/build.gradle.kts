buildscript {
    dependencies {
        // LiteRT's Kotlin is newer than the one that the Android plugin brings.
        classpath("org.jetbrains.kotlin:kotlin-gradle-plugin:2.3.21")
    }
}

plugins {
    id("com.android.application") version "9.3.1" apply false
}
