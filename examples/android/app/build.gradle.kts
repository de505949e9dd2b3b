plugins {
    id("com.android.application")
}

android {
    namespace = "io.github.eelbert"
    compileSdk = 36

    defaultConfig {
        applicationId = "io.github.eelbert"
        targetSdk = 36
        versionCode = 1
        versionName = "1.0"
        ndk { abiFilters += listOf("arm64-v8a", "x86_64") }
    }

    // An app needs one of the two.
    flavorDimensions += "runtime"
    productFlavors {
        create("litert") {
            minSdk = 24
            proguardFile("proguard-litert.pro")
        }
        create("mediapipe") {
            minSdk = 28
            proguardFile("proguard-mediapipe.pro")
        }
    }

    buildTypes {
        release {
            isMinifyEnabled = true
            isShrinkResources = true
            proguardFile(getDefaultProguardFile("proguard-android-optimize.txt"))
            signingConfig = signingConfigs.getByName("debug") // your own, in your app
        }
    }

    androidResources { noCompress += "tflite" } // read in place

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

dependencies {
    "litertImplementation"("com.google.ai.edge.litert:litert:2.3.2")
    "mediapipeImplementation"("com.google.mediapipe:tasks-text:1.0.0")
}
